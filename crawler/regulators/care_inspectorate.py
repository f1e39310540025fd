"""The Care Inspectorate (Scotland): its datastore, one row a service, with the latest grades.

Six grades, as words or as numbers from 1; five key questions since 2018, four quality themes before, both in
one file. Two of the key questions have no counterpart among the areas kept here and are left out: setting
and staff team. A service is known by its CS number, which it keeps.
"""

import re

from crawler.regulators.declared import Layout, Meaning, Regulator

_REGISTER = (
    Meaning(field="urn", seen=("CSNumber", "CS Number"), required=True),
    # what the service is for tells more than its kind of care
    Meaning(field="kind", seen=("Subtype", "CareService", "Care Service", "ServiceType"), required=True),
    Meaning(
        field="local_authority",
        seen=("Council_Area_Name", "Local_Authority_Name", "Council Area"),
        required=True,
    ),
    Meaning(field="name", seen=("ServiceName", "Service Name")),
    Meaning(field="owner", seen=("ServiceProvider", "Service Provider", "Provider_Name")),
    Meaning(field="sector", seen=("Provider_sector", "Sector", "ServiceSector")),
    Meaning(field="places", seen=("TotalBeds", "Registered_Places", "Registered Places")),
    Meaning(field="registered", seen=("Date_Reg", "Date Registered")),
    Meaning(field="status", seen=("ServiceStatus", "Service Status")),
    Meaning(field="day", seen=("Last_inspection_Date", "Last Inspection Date")),
    Meaning(field="published", seen=("Publication_of_Latest_Grading",)),
    Meaning(field="outcomes", seen=("KQ_Support_Wellbeing",)),
    Meaning(
        field="quality_of_care",
        seen=("KQ_Care_and_Support_Planning", "KQ_Care_Play_and_Learning", "Quality_of_Care_and_Support"),
    ),
    Meaning(field="leadership", seen=("KQ_Leadership", "Quality_of_Mgmt_and_Lship")),
)
_IGNORED = (
    *("Address_line_1", "Address_line_2", "Address_line_3", "Address_line_4", "Service_town"),
    *("Service_Postcode", "Service_Phone_Number", "Eforms_Service_Email", "Manager_Name", "Coordinates"),
    *("SPNumber", "ServiceProviderID", "SP_Address", "SP_Postcode", "Health_Board_Name", "Client_group"),
    *("Main_Area_of_Care", "CareHome_Main_Area_of_Care", "Care_Home_All_Areas_of_Provision"),
    *(
        "Quality_of_Information",
        "Quality_of_Environment",
        "Quality_of_Staffing",
        "KQ_Setting",
        "KQ_Staff_Team",
    ),
    *("MinGrade", "MaxGrade", "GradeSpread", "MinGrade_change", "Year_Month_latest_grade", "PublicList"),
    *("RADScore", "RAD_SAT_Score", "NumberStaff", "SingleBedrooms", "Any_Requirements_Last3Yrs"),
)
_GRADES = ("Unsatisfactory", "Weak", "Adequate", "Good", "Very good", "Excellent")
GRADES = {grade.lower(): grade for grade in _GRADES} | {str(n): grade for n, grade in enumerate(_GRADES, 1)}

CARE_INSPECTORATE = Regulator(
    name="care_inspectorate",
    urn=re.compile(r"CS\d{10}"),
    leading=frozenset(),
    layouts={"register": Layout(meanings=_REGISTER, ignored=_IGNORED)},
    kinds={
        "children & young people": "children's home",
        "children and young people": "children's home",
        "older people": "care home",
        "learning disabilities": "care home",
        "mental health problems": "care home",
        "physical and sensory impairment": "care home",
        "alcohol & drug misuse": "care home",
        "respite care and short breaks": "care home",
        "care home service": "care home",
        "care at home": "homecare agency",
        "support service": "homecare agency",
        "housing support service": "supported living",
        "special school": "residential special school",
        "mainstream residential school": "boarding school",
        "school care accommodation service": "boarding school",
        "secure accommodation service": "secure children's home",
        "fostering service": "fostering agency",
        "adoption service": "adoption agency",
        "adult placement service": "other",
        "child minding": "other",
        "day care of children": "other",
        "nurse agency": "other",
    },
    inspection_kinds={},
    grades=GRADES,
    progress={},
    statuses={"active": "Active", "inactive": "Dormant", "cancelled": "Cancelled"},
    sectors={
        "private": "Private",
        "voluntary or not for profit": "Voluntary",
        "voluntary": "Voluntary",
        "local authority": "Local authority",
        "health board": "Health authority",
    },
    regions=frozenset(),
    title_says={
        "register": re.compile(r"datastore|MDSF", re.I),
        "inspections": re.compile(r"(?!)"),
        "changes": re.compile(r"new registrations|cancellations", re.I),
    },
)
