"""Invented reports in the shapes in which real ones were published, with the mess that extraction leaves."""

NARRATIVE = (
    "Children are settled. They told inspectors, “We like Ms. Arden’s cooking.” Staff know them well, "
    "e.g. what calms them."
)

SCCIF = f"""9900101

Registered provider: Larkmoor Children’s Care (North) Limited

Full inspection

Inspected under the social care common inspection framework

Information about this children’s home

The home provides care for up to four children who have emotional and/or behavioural difficulties, learning
disabilities and who self-harm.

The manager has been registered with Ofsted since May 2022.

The home is also registered with the Care Quality Commission.

Inspection dates: 30 April to 2 May 2024

Overall experiences and progress of children and young people, taking into account
requires improvement to be good

How well children and young people are helped and protected inadequate

The effectiveness of leaders and managers good

There are serious failures which mean that children are not protected.

Date of last inspection: 7 February 2023

Overall judgement at last inspection: good

Enforcement action since last inspection: none

Recent inspection history

Inspection date	Inspection type	Inspection judgement
07/02/2023	Full	Good
11/01/2022	Interim	Improved effectiveness
03/09/2021	Monitoring
02/03/2021	Full	Requires improvement to be good

What does the children’s home need to do to improve?

Statutory requirements

This section sets out the actions that the registered person(s) must take. The registered person(s) must
comply within the given timescales.

Requirement	Due date
<p>12: The protection of children standard *</p> <p>In particular, the standard in paragraph (1) requires the
registered person to ensure that staff—</p> <p>assess whether each child is at risk of harm;</p>	28/05/2024

<p>take effective action. (Regulation 12 (1)(2)(a)(i)(vi))</p>
40: Notification of a serious event	29/05/2024

* These requirements are subject to a compliance notice.

Recommendations

The registered person should ensure that the kitchen is warm.

Inspection judgements

Overall experiences and progress of children and young people: requires improvement to be good

{NARRATIVE}

How well children and young people are helped and protected: inadequate

Staff do not always act when children go missing.

The effectiveness of leaders and managers: good

Leaders listen.

Information about this inspection

Inspectors looked at how children live in this home.

Children’s home details

Unique reference number: 9900101

Provision sub-type: Children’s home

Registered provider: Larkmoor Children’s Care (North) Limited

Registered provider address: Unit 3, Example House, Station Road, Exampleton, North Yorkshire
EX4 5MP

Responsible individual: Ada Quillfeather

Registered manager: Ben Ottershaw

Inspector

Cora Winterbottom, social care inspector

The Office for Standards in Education, Children’s Services and Skills (Ofsted) regulates and inspects.

T: 0300 555 0199
"""

PEOPLE = ("Quillfeather", "Ottershaw", "Winterbottom", "Station Road", "EX4", "0199")

FROM_2014 = """Children's homes inspection - Full
Inspection date 02/08/2016
Unique reference number SC990456
Type of inspection Full
Provision subtype Children's home
Registered provider Fernhollow Homes Ltd
Registered provider address 4 Example Street, Exampleton EX4 5MP
Responsible individual Ada Quillfeather
Registered manager Ben Ottershaw
Inspector Cora Winterbottom
Previous inspection judgement Inadequate
Enforcement action since last inspection None
This inspection
The overall experiences and progress of children and young people living in the home are Good
The children's home provides effective services that meet the requirements for good.
How well children and young people are helped and protected Requires improvement
The impact and effectiveness of leaders and managers Outstanding
"""

INTERIM_2015 = """Children's homes - interim inspection
Inspection date	05/02/2015
Unique reference number	SC990457
Type of inspection	Interim
Provision subtype	Children's home
Registered person	Fernhollow Homes Ltd
Registered manager	Ben Ottershaw
Inspector	Cora Winterbottom

Previous inspection judgement	Good
Enforcement action since last inspection	None

This inspection
The judgement outcome for this interim inspection is Declined effectiveness

Children say that they feel less safe.
"""

BEFORE_2014 = """Inspection report for children's home

Unique reference number
SC990458
Inspection date
12/07/2011
Inspector
Cora Winterbottom / Dan Example
Type of inspection
Key
Provision subtype
Children's home

Setting address
Example House, Station Road, EXAMPLETON, EX4 5MP
Telephone number
0300 555 0199
Registered person
Fernhollow Homes Ltd
Registered manager
Ben Ottershaw
Responsible individual
Ada Quillfeather
Date of last inspection
21/02/2011

The inspection judgements and what they mean

Outstanding: a service of exceptional quality
Good: a service that exceeds minimum requirements
Satisfactory: a service that only meets minimum requirements
Inadequate: a service that does not meet minimum requirements

Service information

Brief description of the service
The home is registered to accommodate up to five young people with learning disabilities.

Overall effectiveness

The overall effectiveness is judged to be good.

Areas for improvement

Statutory Requirements
This section sets out the actions which must be taken. The registered person must comply
with the given timescales.
Reg. Requirement Due date
30
(2001)
tell the inspectorate of serious events without delay (Regulation 30(1)) 14/09/2011

Outcomes for children and young people

Outcomes for young people are outstanding.

Quality of care

The quality of the care is good.

Safeguarding children and young people

The service is satisfactory at keeping children and young people safe and feeling safe.

Leadership and management

The leadership and management of the children's home are inadequate.
"""
